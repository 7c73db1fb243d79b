-- Lists a sender as one who may have messages waiting, by Redis's own clock.
-- KEYS 1 senders with messages (by time)
-- ARGV 1 sender
-- Result 1
redis.call('ZADD', KEYS[1], redis.call('TIME')[1], ARGV[1])
return 1
