// The languages of the widget, and which one a page gets. Apart from the words, which launcher and chat each have of their own.

export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ru', 'ar', 'zh', 'ja'] as const

export type Language = (typeof LANGUAGES)[number]

/** The first language of these that the widget speaks: the one asked for, the page's, the browser's; else English. */
export function chooseLanguage(asked: string): Language {
  for (const wanted of [asked, document.documentElement.lang, ...navigator.languages]) {
    const name = wanted.toLowerCase().split('-')[0]
    const language = LANGUAGES.find(known => known === name)
    if (language !== undefined) return language
  }
  return 'en'
}
