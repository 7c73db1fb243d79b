/** How models of a comparison are named: the config, this, and how many stories were left out, in per cent. */
export const PERCENTAGE = '__percentage__'
