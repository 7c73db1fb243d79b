-- Makes the conversation the given one alone, whatever it was. Sent twice it does so once.
-- KEYS 1 head  2 turns  3 reasons
-- ARGV 1 new tail  2 turn  3 expiry in seconds or 0
-- Result its number
local head = redis.call('HMGET', KEYS[1], 'number', 'tail')
local number = tonumber(head[1] or 0)
if head[2] == ARGV[1] then return number end
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('HSET', KEYS[1], 'number', number + 1, 'tail', ARGV[1], 'base', number)
if tonumber(ARGV[3]) > 0 then
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[3])
end
return number + 1
