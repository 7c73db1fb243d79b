export declare function buildWeb(folder?: string): Promise<void>
