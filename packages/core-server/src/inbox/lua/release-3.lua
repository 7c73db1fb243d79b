-- Gives a ticket back and wakes the next who waits; takes one out of the queue that was not served yet.
-- KEYS 1 ticket  2 holder  3 queue
-- ARGV 1 id  2 claim in ms  3 channel that wakes a process, without its name
-- Result 1 it was held; 0 it was not
-- include promote.lua
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  redis.call('LREM', KEYS[3], 0, ARGV[1])
  return 0
end
serve(KEYS[1], KEYS[2], KEYS[3], ARGV[2], ARGV[3])
return 1
