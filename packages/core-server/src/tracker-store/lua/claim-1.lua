-- Lets one at a time do a thing.
-- KEYS 1 claim
-- ARGV 1 who asks  2 for how many ms
-- Result 1 it is theirs; 0 somebody else has it
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
