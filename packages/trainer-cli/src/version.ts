// What the command says of itself.

export const VERSION = '0.1.0'
export const RASA_VERSION = '3.6.21'

export const VERSION_TEXT = `Tabula ${VERSION}, compatible with Rasa ${RASA_VERSION} (Node ${process.versions.node})`
