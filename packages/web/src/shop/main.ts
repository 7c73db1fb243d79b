// The shop's page: its buttons ask the assistant. The chat itself is widget.js, as any other site takes it in.

interface Asked extends HTMLElement {
  open(): void
  send(text: string): void
}

for (const opener of document.querySelectorAll<HTMLElement>('[data-ask]')) {
  opener.addEventListener('click', () => {
    const chat = document.querySelector<Asked>('tabula-chat')
    chat?.open()
    const question = opener.dataset['ask'] ?? ''
    if (question !== '') chat?.send(question)
  })
}

if (customElements.get('tabula-chat') === undefined) {
  await customElements.whenDefined('tabula-chat')
}
document.documentElement.classList.add('chat-ready')
