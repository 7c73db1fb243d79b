-- Takes a try of an open message back, where it is the last one.
-- KEYS 1 record of the message
-- ARGV 1 name of the try
-- Result 1 taken back; 0 another one was begun since, or the message was handled
local known = redis.call('HMGET', KEYS[1], 'state', 'attempt')
if known[1] ~= 'open' or known[2] ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'attempt')
redis.call('HINCRBY', KEYS[1], 'tries', -1)
return 1
