-- Where the other replicas reach one, and the key with which it signs its calls to them.
ALTER TABLE replicas
    -- Absent when WARREN_REPLICA_URL is not set: the others cannot call it.
    ADD COLUMN url text,
    -- SubjectPublicKeyInfo of its node key, base64; the hash of it is its node id.
    ADD COLUMN public_key text;
