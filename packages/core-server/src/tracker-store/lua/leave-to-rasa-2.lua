-- Writes a conversation under Rasa's key, and notes what of it is known here: only what Rasa adds is taken over later.
-- KEYS 1 head  2 Rasa's key
-- ARGV 1 number of the conversation as it was read  2 its tail  3 Rasa's value  4 how many events are in it  5 expiry in seconds or 0
-- Result 1 written; 0 the conversation has moved on
local head = redis.call('HMGET', KEYS[1], 'number', 'tail')
if tonumber(head[1] or 0) ~= tonumber(ARGV[1]) or (head[2] or '') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[2], ARGV[3])
redis.call('HSET', KEYS[1], 'rasa_length', #ARGV[3], 'rasa_count', ARGV[4])
if tonumber(ARGV[5]) > 0 then
  redis.call('EXPIRE', KEYS[1], ARGV[5])
  redis.call('EXPIRE', KEYS[2], ARGV[5])
end
return 1
