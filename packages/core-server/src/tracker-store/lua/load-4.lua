-- A conversation, or what came behind the state that the caller knows.
-- KEYS 1 head (hash: number, tail, base, rasa_length, rasa_count)  2 turns (list, one an append: its tail, a line end, its events)  3 Rasa's key  4 pending
-- ARGV 1 number that the caller knows, 0 for none  2 its tail
-- Result {number, tail, 1 where turns follow the known state, -1 where it was never here (0: it was replaced, or none is known), turns, pending messages, Rasa's JSON where it was not taken over, events of Rasa that were, length of Rasa's value}
local head = redis.call('HMGET', KEYS[1], 'number', 'tail', 'base', 'rasa_length', 'rasa_count')
local pending = redis.call('LLEN', KEYS[4])
local number = tonumber(head[1] or 0)
local length = redis.call('STRLEN', KEYS[3])
local rasa = false
if length > 0 and length ~= tonumber(head[4] or 0) then rasa = redis.call('GET', KEYS[3]) end
local taken = tonumber(head[5] or 0)
if number == 0 then return {0, '', 0, {}, pending, rasa, taken, length} end
local known = tonumber(ARGV[1])
local base = tonumber(head[3] or 0)
if known == number and ARGV[2] == head[2] then return {number, head[2], 1, {}, pending, rasa, taken, length} end
local follows = 0
if known > base then
  local turn = known < number and redis.call('LINDEX', KEYS[2], known - base - 1)
  if turn and string.sub(turn, 1, #ARGV[2] + 1) == ARGV[2] .. '\n' then
    return {number, head[2], 1, redis.call('LRANGE', KEYS[2], known - base, -1), pending, rasa, taken, length}
  end
  follows = -1
end
return {number, head[2], follows, redis.call('LRANGE', KEYS[2], 0, -1), pending, rasa, taken, length}
