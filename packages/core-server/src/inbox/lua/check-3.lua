-- The safety net of those who wait: puts back tickets that the queue lost, and serves the next where a lease ran out.
-- KEYS 1 ticket  2 holder  3 queue
-- ARGV 1 claim in ms  2 channel that wakes a process, without its name  3.. ids of the caller that wait, in their order
-- Result the id that holds the ticket now, or an empty text
-- include promote.lua
local held = redis.call('GET', KEYS[1])
if not held then
  held = promote(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[3])
end
for index = 3, #ARGV do
  local id = ARGV[index]
  if id ~= held and not redis.call('LPOS', KEYS[3], id) then
    redis.call('RPUSH', KEYS[3], id)
    redis.call('PEXPIRE', KEYS[3], 86400000)
  end
end
if not held then
  held = promote(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[3])
end
return held or ''
