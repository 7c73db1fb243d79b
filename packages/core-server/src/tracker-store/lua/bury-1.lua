-- Gives an open message up.
-- KEYS 1 record of the message
-- ARGV 1 what is said instead, as JSON  2 seconds to remember it
-- Result 1 given up; 0 it was handled after all
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'dead', 'replies', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
