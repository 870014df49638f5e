-- Which life of the stream the sequences in intent.stream_sequence and goal_model.position belong to.
-- A server that lost its store starts a new life; its sequences would begin below the known positions.
CREATE TABLE intent_stream (
  "only"         boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  -- The server's own time stamp of the stream, to the nanosecond, hence text.
  created        text NOT NULL,
  first_sequence bigint NOT NULL,
  noted_at       timestamptz NOT NULL DEFAULT now()
);
