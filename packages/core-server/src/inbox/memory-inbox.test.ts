import test from 'ava'
import { testInbox } from './inbox-contract.ts'
import { MemoryInbox } from './memory-inbox.ts'

testInbox(test, 'memory', async bounds => new MemoryInbox(bounds))
