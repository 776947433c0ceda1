package dev.tidepool.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import net.openhft.chronicle.algo.hashing.LongHashFunction;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.hash.impl.CompactOffHeapLinearHashTable;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import net.openhft.chronicle.hash.impl.stage.entry.ChecksumHashing;
import net.openhft.chronicle.map.VanillaChronicleMap;
import org.jspecify.annotations.Nullable;

/**
 * Chronicle's entries where they lie in memory. The guard already keeps others out, so a look-up
 * needs neither Chronicle's lock nor its contexts, which cost more than the look-up itself.
 *
 * <pre>
 *  hash table                    entry, at its number of chunks
 *  | key bits | chunk | …        | key size | key | value size | value | checksum |
 * </pre>
 *
 * Sizes are in groups of seven bits, the lowest first. Only in a whole segment, with its guard
 * held: what is read here is trusted.
 */
final class MapEntries {
  private static final LongHashFunction HASH = LongHashFunction.xx_r39();
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NONE = 0;

  private final VanillaChronicleMap<byte[], byte[], ?> map;
  private final CompactOffHeapLinearHashTable table;
  private final Memory memory = OS.memory();
  private final long chunksAt;
  private final long longest;

  MapEntries(VanillaChronicleMap<byte[], byte[], ?> map) {
    if (map.alignment != 1) {
      throw new IllegalStateException("values are aligned to " + map.alignment + ", expected 1");
    }
    this.map = map;
    this.table = map.hashLookup;
    this.longest = map.maxChunksPerEntry * map.chunkSize;
    this.chunksAt =
        map.tierHashLookupOuterSize
            + VanillaChronicleHash.TIER_COUNTERS_AREA_SIZE
            + map.tierFreeListOuterSize
            + map.tierEntrySpaceInnerOffset;
  }

  /** A copy of the value, or null. */
  byte @Nullable [] get(byte[] key) {
    long at = find(key, HASH.hashBytes(key));
    if (at == NONE) {
      return null;
    }
    int length = size(at);
    if (length > longest) {
      throw new StoreException("a value of " + length + " bytes: the map file is corrupt");
    }
    byte[] value = new byte[length];
    memory.readBytes(at + storedBytes(length), value, 0, length);
    return value;
  }

  /** Replaces a value by one of the same length. Returns false if there is none. */
  boolean overwrite(byte[] key, byte[] value, StoreProbe probe) {
    long hash = HASH.hashBytes(key);
    long at = find(key, hash);
    if (at == NONE || size(at) != value.length) {
      return false;
    }
    long valueAt = at + storedBytes(value.length);
    long end = valueAt + value.length;
    memory.copyMemory(value, 0, valueAt, value.length);
    probe.at(StoreProbe.Point.HALF_WRITTEN);
    long checksum = ChecksumHashing.hash8To16Bytes(key.length, hash, HASH.hashMemory(at, end - at));
    memory.writeInt(end, (int) (checksum >>> 32 ^ checksum));
    return true;
  }

  /** Address of the size of the key's value, or {@link #NONE}. */
  private long find(byte[] key, long hash) {
    long segment = map.segmentBaseAddr(map.hashSplitting.segmentIndex(hash));
    long wanted = table.maskUnsetKey(map.hashSplitting.segmentHash(hash));
    long start = table.hlPos(wanted);
    long at = start;
    do {
      long slot = table.readEntry(segment, at);
      if (table.empty(slot)) {
        return NONE;
      }
      if (table.key(slot) == wanted) {
        long keyAt = segment + chunksAt + table.value(slot) * map.chunkSize;
        long valueAt = keyAt + storedBytes(key.length) + key.length;
        if (size(keyAt) == key.length && equal(keyAt + storedBytes(key.length), key)) {
          return valueAt;
        }
      }
      at = table.step(at);
    } while (at != start);
    throw new IllegalStateException("the hash table of a segment has no free place");
  }

  private boolean equal(long address, byte[] key) {
    int i = 0;
    for (; i <= key.length - Long.BYTES; i += Long.BYTES) {
      if (memory.readLong(address + i) != (long) LONGS.get(key, i)) {
        return false;
      }
    }
    for (; i < key.length; i++) {
      if (memory.readByte(address + i) != key[i]) {
        return false;
      }
    }
    return true;
  }

  private int size(long at) {
    int size = 0;
    for (int i = 0; ; i++) {
      byte group = memory.readByte(at + i);
      size |= (group & 0x7f) << (7 * i);
      if (group >= 0) {
        return size;
      }
    }
  }

  /** Bytes that a size takes. */
  private static int storedBytes(int size) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(size | 1);
    return (bits + 6) / 7;
  }
}
