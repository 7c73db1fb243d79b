-- Saves a turn behind the state that it was computed from, with what is to be remembered of its message. Sent twice it saves once.
-- KEYS 1 head  2 turns  3 reasons  4 record of the message  5 pending  6 messages of the sender (by time)
-- ARGV 1 expected number  2 expected tail  3 new tail  4 turn  5 reasons or empty  6 expiry in seconds or 0  7 key of the message or empty  8 its digest  9 its replies as JSON  10 seconds to remember it  11 time in seconds  12 1 where nothing is left to send
-- Result {1, number} saved; {0, number} the conversation has moved on, or the message was handled
local head = redis.call('HMGET', KEYS[1], 'number', 'tail')
local number = tonumber(head[1] or 0)
local tail = head[2] or ''
if tail == ARGV[3] then return {1, number} end
if number ~= tonumber(ARGV[1]) or tail ~= ARGV[2] then return {0, number} end
-- Handled by another meanwhile, and read behind that: a second time it would be there twice.
if ARGV[7] ~= '' and (redis.call('HGET', KEYS[4], 'state') or 'open') ~= 'open' then return {0, number} end
number = number + 1
redis.call('RPUSH', KEYS[2], ARGV[4])
redis.call('HSET', KEYS[1], 'number', number, 'tail', ARGV[3])
if ARGV[5] ~= '' then redis.call('RPUSH', KEYS[3], ARGV[5]) end
local expiry = tonumber(ARGV[6])
if expiry > 0 then
  for index = 1, 3 do redis.call('EXPIRE', KEYS[index], expiry) end
end
if ARGV[7] ~= '' then
  redis.call('HSET', KEYS[4], 'state', 'done', 'digest', ARGV[8], 'replies', ARGV[9])
  redis.call('EXPIRE', KEYS[4], ARGV[10])
  redis.call('ZADD', KEYS[6], ARGV[11], ARGV[7])
  redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', ARGV[11] - ARGV[10])
  redis.call('EXPIRE', KEYS[6], ARGV[10])
  if ARGV[12] == '1' then redis.call('LREM', KEYS[5], 0, ARGV[7]) end
end
return {1, number}
