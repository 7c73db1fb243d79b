-- Takes a try of an open message back, whether or not others were begun since.
-- KEYS 1 record of the message
-- ARGV 1 name of the try
-- Result 1 taken back; 0 it was not there, or the message was handled
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then return 0 end
return redis.call('HDEL', KEYS[1], 'try:' .. ARGV[1])
