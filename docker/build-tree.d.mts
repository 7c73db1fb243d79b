export function buildTree(folder: string, options?: { readonly linkModules?: boolean }): Promise<void>
