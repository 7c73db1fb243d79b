// Where models come from besides the disk: a model server, or a cloud's storage.

/** A model's archive as it came over the network; it is read in memory and never unpacked. */
export interface FetchedModel {
  /** The file's base name, as /status shows it. */
  readonly name: string
  readonly bytes: Buffer
  /** What the source calls this version; null where it names none. */
  readonly fingerprint: string | null
}

export interface ModelSource {
  /** For the log: where models come from, without secrets. */
  readonly place: string
  /** The model, or null where the source has none or still the known one. Throws CodedError `model.source` where it cannot be had whole. */
  fetch(known: string | null): Promise<FetchedModel | null>
  close(): Promise<void>
}
