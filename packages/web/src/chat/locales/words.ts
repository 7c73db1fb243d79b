// All that the chat says in its own words. `#` stands for a number.

export interface Words {
  readonly title: string
  readonly welcome: string
  readonly placeholder: string
  readonly message: string
  readonly send: string
  readonly close: string
  readonly conversation: string
  readonly messages: string
  readonly you: string
  readonly assistant: string
  readonly person: string
  readonly typing: string
  readonly slow: string
  readonly offline: string
  readonly waiting: string
  readonly busy: string
  readonly sending: string
  readonly sent: string
  readonly retry: string
  readonly refused: string
  readonly unsure: string
  readonly unreachable: string
  readonly token: string
  readonly tooLong: string
  readonly left: string
  readonly startOver: string
  readonly startOverAsk: string
  readonly cancel: string
  readonly attach: string
  readonly remove: string
  readonly fileTooLarge: string
  readonly fileType: string
  readonly uploadFailed: string
  readonly today: string
  readonly yesterday: string
  readonly picture: string
  readonly open: string
  readonly download: string
  readonly latest: string
  readonly rate: string
  readonly stars: string
  readonly comment: string
  readonly submit: string
  readonly thanks: string
  readonly helped: string
  readonly helpful: string
  readonly unhelpful: string
}

const ENGLISH: Words = {
  title: 'Assistant',
  welcome: 'Hello! What can I help you with?',
  placeholder: 'Write a message…',
  message: 'Your message',
  send: 'Send',
  close: 'Close the chat',
  conversation: 'Conversation',
  messages: 'Messages',
  you: 'You',
  assistant: 'Assistant',
  person: 'A person from our team',
  typing: 'The assistant is writing',
  slow: 'This takes a little longer. The answer will appear here.',
  offline: 'You are offline.',
  waiting: '# waiting to be sent',
  busy: 'Many people are writing just now. Sent again in # s.',
  sending: 'Sending…',
  sent: 'Sent',
  retry: 'Try again',
  refused: 'The assistant could not take this message.',
  unsure: 'This message may not have arrived.',
  unreachable: 'The assistant cannot be reached.',
  token: 'Please sign in again.',
  tooLong: 'This message is too long.',
  left: '# characters left',
  startOver: 'Start over',
  startOverAsk: 'Start a new conversation? This one is removed from here.',
  cancel: 'Cancel',
  attach: 'Attach a file',
  remove: 'Remove',
  fileTooLarge: 'The file is larger than # MB.',
  fileType: 'Files of this kind are not taken.',
  uploadFailed: 'The file could not be sent.',
  today: 'Today',
  yesterday: 'Yesterday',
  picture: 'Picture from the assistant',
  open: 'Open',
  download: 'Download',
  latest: 'Latest messages',
  rate: 'How was this conversation?',
  stars: '# of 5',
  comment: 'What could be better? (optional)',
  submit: 'Send rating',
  thanks: 'Thank you!',
  helped: 'Did this help?',
  helpful: 'Helpful',
  unhelpful: 'Not helpful',
}

const OTHERS: Readonly<Record<string, () => Promise<{ readonly words: Words }>>> = {
  de: () => import('./de.ts'),
  fr: () => import('./fr.ts'),
  es: () => import('./es.ts'),
  it: () => import('./it.ts'),
  pt: () => import('./pt.ts'),
  nl: () => import('./nl.ts'),
  pl: () => import('./pl.ts'),
  ru: () => import('./ru.ts'),
  ar: () => import('./ar.ts'),
  zh: () => import('./zh.ts'),
  ja: () => import('./ja.ts'),
}

export const RIGHT_TO_LEFT: readonly string[] = ['ar']

/** The words of the language; English where it is none of ours or cannot be loaded. */
export async function loadWords(language: string): Promise<Words> {
  try {
    return (await OTHERS[language]?.())?.words ?? ENGLISH
  } catch {
    return ENGLISH
  }
}
