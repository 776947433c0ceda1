package dev.tidepool.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The head of every value in the store, at fixed offsets so that a sweep decodes nothing:
 *
 * <pre>
 *  0          8       16
 *  | deadline | claim | what the store does not look into
 * </pre>
 *
 * Deadline: {@link System#currentTimeMillis} from which the session is over, {@link Long#MAX_VALUE}
 * for never. Claim: {@link OwnerWord} of the worker that is ending the session, or 0. Both in
 * native byte order, as Chronicle reads them.
 */
final class StoredValue {
  static final int DEADLINE_AT = 0;
  static final int CLAIM_AT = 8;
  static final int HEADER_BYTES = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private StoredValue() {}

  static long deadlineMillis(byte[] value) {
    return (long) LONGS.get(value, DEADLINE_AT);
  }

  static void deadlineMillis(byte[] value, long deadlineMillis) {
    LONGS.set(value, DEADLINE_AT, deadlineMillis);
  }

  static long claim(byte[] value) {
    return (long) LONGS.get(value, CLAIM_AT);
  }

  /** True if the session was dropped or is being ended: no use may bring it back. */
  static boolean isEnding(byte[] value) {
    return claim(value) != OwnerWord.NOBODY || deadlineMillis(value) == 0;
  }

  static byte[] withClaim(byte[] value, long claim) {
    byte[] copy = value.clone();
    LONGS.set(copy, CLAIM_AT, claim);
    return copy;
  }
}
