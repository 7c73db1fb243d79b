// What the launcher says, in the languages of the chat: these few words are there before the chat is loaded.

export interface LauncherWords {
  readonly open: string
  readonly close: string
  unread(count: number): string
}

/** Open, close, and unread messages, with the number in place of `#`. */
const WORDS: Readonly<Record<string, readonly [open: string, close: string, unread: string]>> = {
  en: ['Open the chat', 'Close the chat', '# unread'],
  de: ['Chat öffnen', 'Chat schließen', '# ungelesen'],
  fr: ['Ouvrir le chat', 'Fermer le chat', '# non lus'],
  es: ['Abrir el chat', 'Cerrar el chat', '# sin leer'],
  it: ['Apri la chat', 'Chiudi la chat', '# non letti'],
  pt: ['Abrir o chat', 'Fechar o chat', '# não lidas'],
  nl: ['Chat openen', 'Chat sluiten', '# ongelezen'],
  pl: ['Otwórz czat', 'Zamknij czat', 'nieprzeczytane: #'],
  ru: ['Открыть чат', 'Закрыть чат', 'непрочитанных: #'],
  ar: ['افتح المحادثة', 'أغلق المحادثة', 'غير مقروءة: #'],
  zh: ['打开聊天', '关闭聊天', '# 条未读'],
  ja: ['チャットを開く', 'チャットを閉じる', '未読 # 件'],
}

export const LANGUAGES: readonly string[] = Object.keys(WORDS)

/** The first language of these that the widget speaks: the one asked for, the page's, the browser's; else English. */
export function chooseLanguage(asked: string): string {
  for (const wanted of [asked, document.documentElement.lang, ...navigator.languages]) {
    const language = wanted.toLowerCase().split('-')[0] ?? ''
    if (LANGUAGES.includes(language)) return language
  }
  return 'en'
}

export function launcherWords(asked: string): LauncherWords {
  const [open, close, unread] = WORDS[chooseLanguage(asked)] ?? [
    'Open the chat',
    'Close the chat',
    '# unread',
  ]
  return { open, close, unread: count => unread.replace('#', String(count)) }
}
