package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes what the kernel would read, into files that stand for a cgroup hierarchy. */
class MemoryGroupsTest {
  private static final int WORKER = 4711;

  @TempDir private Path root;
  private final int master = Posix.get().pid();
  private Path own;
  private Path group;
  private MemoryGroups groups;

  @BeforeEach
  void aDelegatedGroup() throws IOException {
    own = Files.writeString(root.resolve("own"), "5:cpu:/other\n0::/system/tidepool\n");
    group = Files.createDirectories(root.resolve("system/tidepool"));
    Files.writeString(root.resolve("cgroup.controllers"), "cpu memory\n");
    Files.writeString(group.resolve("cgroup.controllers"), "cpu memory\n");
    Files.writeString(group.resolve("cgroup.subtree_control"), "\n");
    Files.writeString(group.resolve("cgroup.procs"), master + "\n1\n");
    groups = new MemoryGroups(Posix.get(), root, own);
  }

  @Test
  void givesEachWorkerAGroupBesideTheMasters() throws IOException {
    groups.limit(WORKER, 300L << 20);
    assertThat(group.resolve("tidepool-master/cgroup.procs")).content().isEqualTo("" + master);
    assertThat(group.resolve("cgroup.subtree_control")).content().isEqualTo("+memory");
    Path worker = group.resolve("tidepool-worker-" + WORKER);
    assertThat(worker.resolve("memory.max")).content().isEqualTo("314572800");
    assertThat(worker.resolve("memory.swap.max")).content().isEqualTo("0");
    assertThat(worker.resolve("memory.oom.group")).content().isEqualTo("1");
    assertThat(worker.resolve("cgroup.procs")).content().isEqualTo("" + WORKER);
  }

  @Test
  void findsTheSamePlaceOnceTheMasterHasMoved() throws IOException {
    Files.createDirectories(group.resolve("tidepool-master"));
    Files.writeString(group.resolve("cgroup.subtree_control"), "memory\n");
    Files.writeString(own, "0::/system/tidepool/tidepool-master\n");
    groups.limit(WORKER, 300L << 20);
    assertThat(group.resolve("tidepool-worker-" + WORKER + "/memory.max")).exists();
    assertThat(group.resolve("tidepool-master/cgroup.procs")).doesNotExist();
  }

  @Test
  void saysWhyItCannot() throws IOException {
    Files.writeString(group.resolve("cgroup.controllers"), "cpu\n");
    assertThatThrownBy(groups::check)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "workers.memory-limit cannot be kept: the memory controller is not enabled in " + group)
        .hasMessageContaining("Delegate=yes");
    Files.writeString(own, "4:memory:/a\n");
    assertThatThrownBy(groups::check).hasMessageContaining("there is no cgroup v2 at " + root);
  }
}
