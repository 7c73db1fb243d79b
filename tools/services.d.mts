export interface Service {
  readonly name: string
  readonly program: string
  readonly apt: string
  readonly setting: string
}
export declare const SERVICES: readonly Service[]
export declare function findService(name: string): string | null
