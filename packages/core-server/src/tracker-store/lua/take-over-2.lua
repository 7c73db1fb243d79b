-- Takes over what Rasa wrote behind the state that the caller knows; Rasa's own key stays as it is.
-- KEYS 1 head  2 turns
-- ARGV 1 expected number  2 expected tail  3 new tail  4 turn, empty where nothing is new  5 length of Rasa's value  6 how many events of Rasa are taken over now
-- Result 1 done; 0 the conversation has moved on
local head = redis.call('HMGET', KEYS[1], 'number', 'tail')
local number = tonumber(head[1] or 0)
if number ~= tonumber(ARGV[1]) or (head[2] or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'rasa_length', ARGV[5], 'rasa_count', ARGV[6])
if ARGV[4] ~= '' then
  redis.call('RPUSH', KEYS[2], ARGV[4])
  redis.call('HSET', KEYS[1], 'number', number + 1, 'tail', ARGV[3])
end
return 1
