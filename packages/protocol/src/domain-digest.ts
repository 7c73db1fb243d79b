// How a server of ours and an action server of ours spare each other the domain: two headers beside Rasa's body, which every
// other server and client passes over.

/** With a call: the SHA-256, in hex, of the domain's JSON, which the body holds or leaves out. */
export const DOMAIN_DIGEST_HEADER = 'x-domain-digest'
/** With an answer: the digest of the domain that the action server has kept, so that calls may leave it out. */
export const DOMAIN_KEPT_HEADER = 'x-domain-kept'
/** The answer to a call whose domain was left out and is not kept (any more): nothing has run; send it again, whole. */
export const DOMAIN_MISSING_STATUS = 449
