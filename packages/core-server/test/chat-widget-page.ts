// For tests: a page that asks the server what RasaHQ/chat-widget 0.1.19 asks, in the same order and the same shapes, and
// sorts the answers as it does. Written from what its source does on the wire; nothing of it is shown but the sort and text.

/** Runs in the browser: `io` is socket.io-client 4. `open` connects as the widget does when its panel opens. */
export const CHAT_WIDGET_PAGE = `
  import { io } from 'socket.io-client'

  const kinds = [
    ['image', message => message.attachment?.type === 'image'],
    ['accordion', message => message.type === 'accordion'],
    ['carousel', message => message.type === 'carousel'],
    ['quick replies', message => message.quick_replies?.length > 0],
    ['file', message => message.type === 'file_download'],
    ['video', message => message.type === 'video'],
    ['csat', message => message.type === 'csat'],
    ['text', message => message.text && message.type === undefined],
    ['rating', message => message.type === 'rating'],
  ]
  const words = message =>
    message.text ?? message.question ?? message.attachment?.payload.src ?? message.video_url ?? message.file_name ??
    message.elements?.map(element => element.text ?? element.title).join()
  const show = message => {
    const kind = kinds.find(([, fits]) => fits(message))?.[0] ?? 'unknown'
    const line = document.createElement('p')
    line.textContent = kind + ': ' + words(message) +
      (message.quick_replies ?? []).map(({ title, payload }) => ' [' + title + ' ' + payload + ']').join('')
    document.body.append(line)
  }
  const note = text => document.body.append(Object.assign(document.createElement('p'), { textContent: text }))

  window.overSocket = (url, { token, sender, first } = {}) => {
    let session = sender
    let isConfirmed = false
    const socket = io(url, {
      autoConnect: false,
      reconnectionDelay: 4_000,
      reconnectionDelayMax: 4_000,
      ...(token === undefined ? {} : { auth: { token } }),
    })
    socket.on('connect', () => {
      session = sender ?? crypto.randomUUID()
      socket.emit('session_request', { session_id: session })
    })
    socket.on('disconnect', () => { isConfirmed = false })
    socket.on('bot_uttered', show)
    socket.on('session_confirm', () => {
      if (isConfirmed) return
      isConfirmed = true
      note('confirmed')
      if (first !== undefined) say(first)
    })
    socket.on('connect_error', () => note('refused'))
    const say = message => socket.emit('user_uttered', { message, session_id: session })
    socket.connect()
    return { say, close: () => socket.disconnect(), open: () => socket.connect() }
  }

  window.overRest = (url, { token, sender = crypto.randomUUID() } = {}) => ({
    async say(message) {
      const headers = new Headers()
      if (token !== undefined) headers.append('Authorization', 'Bearer ' + token)
      // No content type: the browser calls the text plain.
      const body = JSON.stringify({ sender, message })
      const answer = await fetch(url + '/webhooks/rest/webhook', { method: 'POST', headers, body })
      if (!answer.ok) return note('refused')
      for (const { recipient_id, ...message } of await answer.json()) {
        if (message.buttons !== undefined)
          show({ text: message.text, quick_replies: message.buttons })
        else if (message.custom !== undefined) show(message.custom)
        else if (message.image !== undefined)
          show({ text: message.text, attachment: { type: 'image', payload: { src: message.image } } })
        else show(message)
      }
    },
  })
  note('ready')
`
