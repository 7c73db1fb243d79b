export * from './component.ts'
export * from './message.ts'
export * from './training-data.ts'
