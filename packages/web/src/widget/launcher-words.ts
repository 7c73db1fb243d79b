// What the launcher says, in the languages of the chat: these few words are there before the chat is loaded.

import { chooseLanguage } from './languages.ts'
import type { Language } from './languages.ts'

export interface LauncherWords {
  readonly open: string
  readonly close: string
  /** Where the chat could not be loaded. */
  readonly away: string
  unread(count: number): string
}

/** Open, close, unread messages with the number in place of `#`, and what is said where nothing can be reached. */
type Four = readonly [open: string, close: string, unread: string, away: string]
const WORDS: Readonly<Record<Language, Four>> = {
  en: ['Open the chat', 'Close the chat', '# unread', 'The assistant cannot be reached.'],
  de: ['Chat öffnen', 'Chat schließen', '# ungelesen', 'Der Assistent ist nicht erreichbar.'],
  fr: ['Ouvrir le chat', 'Fermer le chat', '# non lus', 'L’assistant est injoignable.'],
  es: ['Abrir el chat', 'Cerrar el chat', '# sin leer', 'No se puede contactar con el asistente.'],
  it: ['Apri la chat', 'Chiudi la chat', '# non letti', 'L’assistente non è raggiungibile.'],
  pt: ['Abrir o chat', 'Fechar o chat', '# não lidas', 'Não é possível falar com o assistente.'],
  nl: ['Chat openen', 'Chat sluiten', '# ongelezen', 'De assistent is niet bereikbaar.'],
  pl: ['Otwórz czat', 'Zamknij czat', 'nieprzeczytane: #', 'Nie można połączyć się z asystentem.'],
  ru: ['Открыть чат', 'Закрыть чат', 'непрочитанных: #', 'Ассистент недоступен.'],
  ar: ['افتح المحادثة', 'أغلق المحادثة', 'غير مقروءة: #', 'تعذر الوصول إلى المساعد.'],
  zh: ['打开聊天', '关闭聊天', '# 条未读', '无法连接助手。'],
  ja: ['チャットを開く', 'チャットを閉じる', '未読 # 件', 'アシスタントに接続できません。'],
}

export function launcherWords(asked: string): LauncherWords {
  const [open, close, unread, away] = WORDS[chooseLanguage(asked)]
  return { open, close, away, unread: count => unread.replace('#', String(count)) }
}
