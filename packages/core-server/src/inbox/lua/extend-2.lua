-- Renews a lease. One that ran out while nobody else came is taken up again: also after Redis forgot it.
-- KEYS 1 ticket  2 holder
-- ARGV 1 id  2 lease in ms
-- Result 1 it is yours; 0 somebody else has it
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
if not held then
  local last = redis.call('GET', KEYS[2])
  if last and last ~= ARGV[1] then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], ARGV[1], 'PX', 86400000)
return 1
