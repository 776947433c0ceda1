package dev.tidepool.load;

import java.io.IOException;

/** One thread's way into a store. What it gives and takes are copies, as with any shared store. */
interface StoreClient extends AutoCloseable {
  /** Says which session the next calls are about; what this costs is not measured. */
  void select(int session);

  byte[] get() throws IOException;

  void put(byte[] value) throws IOException;

  @Override
  default void close() {}
}
