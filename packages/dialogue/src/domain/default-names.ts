// The names that Rasa itself brings into every domain.

/** In Rasa's order; action_listen is always the first of all actions. */
export const DEFAULT_ACTIONS = [
  'action_listen',
  'action_restart',
  'action_session_start',
  'action_default_fallback',
  'action_deactivate_loop',
  'action_revert_fallback_events',
  'action_default_ask_affirmation',
  'action_default_ask_rephrase',
  'action_two_stage_fallback',
  'action_unlikely_intent',
  'action_back',
  '...',
  'action_extract_slots',
] as const

/** Stands in rules for "whatever happened". */
export const RULE_SNIPPET_ACTION = '...'
export const ACTION_LISTEN = 'action_listen'
export const ACTION_SESSION_START = 'action_session_start'
export const ACTION_VALIDATE_SLOT_MAPPINGS = 'action_validate_slot_mappings'

export const DEFAULT_INTENTS = ['restart', 'back', 'out_of_scope', 'session_start', 'nlu_fallback'] as const

export const REQUESTED_SLOT = 'requested_slot'
export const SESSION_START_METADATA_SLOT = 'session_started_metadata'
export const KNOWLEDGE_BASE_ACTION = 'action_query_knowledge_base'
export const KNOWLEDGE_BASE_SLOTS = [
  'knowledge_base_listed_objects',
  'knowledge_base_last_object',
  'knowledge_base_last_object_type',
] as const
