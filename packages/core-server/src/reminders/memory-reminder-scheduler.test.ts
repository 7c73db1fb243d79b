import test from 'ava'
import { recordingLog } from '../../test/serve.ts'
import { MemoryReminderScheduler } from './memory-reminder-scheduler.ts'
import { testReminderScheduler } from './reminder-scheduler-contract.ts'

testReminderScheduler(test, async (_t, onDue) => new MemoryReminderScheduler(onDue, recordingLog()))
