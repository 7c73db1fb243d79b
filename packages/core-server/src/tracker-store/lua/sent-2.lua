-- Notes that replies are sent.
-- KEYS 1 record of the message  2 pending
-- ARGV 1 key of the message  2 how many are sent  3 1 where these are all
-- Result 1
if redis.call('EXISTS', KEYS[1]) == 1 then
  local sent = tonumber(redis.call('HGET', KEYS[1], 'sent') or 0)
  if tonumber(ARGV[2]) > sent then redis.call('HSET', KEYS[1], 'sent', ARGV[2]) end
end
if ARGV[3] == '1' then redis.call('LREM', KEYS[2], 0, ARGV[1]) end
return 1
