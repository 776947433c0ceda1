package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.conf.BalanceSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The rules of balance, on a pool of numbers. */
class BalancePolicyTest {
  private static final BalanceSettings SETTINGS =
      new BalanceSettings(true, 0, Duration.ofMillis(300), Duration.ofSeconds(5));
  private static final Duration TICK = Duration.ofMillis(100);

  /** Workers with these numbers of connections; a negative one does not serve. */
  private static final class Pool implements PoolView {
    private final int[] numbers;
    private int heatOfFirst;
    private int firstNewer = Integer.MAX_VALUE;

    Pool(int... numbers) {
      this.numbers = numbers;
    }

    Pool hot() {
      heatOfFirst = 1;
      return this;
    }

    Pool newerFrom(int record) {
      firstNewer = record;
      return this;
    }

    @Override
    public boolean newer(int record) {
      return record >= firstNewer;
    }

    @Override
    public int size() {
      return numbers.length;
    }

    @Override
    public boolean freshlyServing(int record, long now) {
      return numbers[record] >= 0;
    }

    @Override
    public int connections(int record) {
      return numbers[record];
    }

    @Override
    public int heat(int record) {
      return record == 0 ? heatOfFirst : 0;
    }
  }

  private static int receiver(int recentlyClosed, int... numbers) {
    return new Balancer(SETTINGS, 0).receiver(new Pool(numbers), recentlyClosed, 0);
  }

  @Test
  void keepsWhileItHasNoMoreThanTheLeast() {
    assertThat(receiver(0, 0, 0, 0)).isEqualTo(Balancer.KEEP);
    assertThat(receiver(0, 2, 2, 5)).isEqualTo(Balancer.KEEP);
  }

  @Test
  void oneThatGetsMoreThanItsShareGivesAwayShortConnectionsToo() {
    var balancer = new Balancer(SETTINGS, 0);
    assertThat(balancer.receiver(new Pool(2, 0), 1000, 0)).isEqualTo(Balancer.KEEP);
    assertThat(balancer.receiver(new Pool(2, 0).hot(), 1000, 0)).isEqualTo(1);
  }

  @Test
  void givesToTheLeastLoadedThatServes() {
    assertThat(receiver(0, 1, 3, 0, 2)).isEqualTo(2);
    assertThat(receiver(0, 1, -1, -1)).isEqualTo(Balancer.KEEP);
    assertThat(receiver(0, 5, -1, 4, 3)).isEqualTo(3);
  }

  @Test
  void toleratesAnEighth() {
    assertThat(receiver(0, 18, 16)).isEqualTo(Balancer.KEEP);
    assertThat(receiver(0, 19, 16)).isEqualTo(1);
  }

  @Test
  void shortLivedConnectionsNeedNoBalance() {
    assertThat(receiver(240, 10, 0)).isEqualTo(Balancer.KEEP);
    assertThat(receiver(216, 11, 0)).isEqualTo(1);
  }

  @Test
  void equalSiblingsAreChosenFromBehindTheOwnRecord() {
    assertThat(new Balancer(SETTINGS, 2).receiver(new Pool(0, 0, 3, 0), 0, 0)).isEqualTo(3);
    assertThat(new Balancer(SETTINGS, 3).receiver(new Pool(0, 0, 0, 3), 0, 0)).isEqualTo(0);
  }

  @Test
  void givesNothingWhenOff() {
    var off = new BalanceSettings(false, 0, Duration.ofMillis(300), Duration.ofSeconds(5));
    assertThat(new Balancer(off, 0).receiver(new Pool(9, 0), 0, 0)).isEqualTo(Balancer.KEEP);
  }

  @Test
  void sixtyFourConnectionsEndEvenWhoeverAccepts() {
    int[] numbers = new int[4];
    for (int i = 0; i < 64; i++) {
      int acceptor = i % 7 == 0 ? 1 : 0; // a lopsided pool
      int receiver = new Balancer(SETTINGS, acceptor).receiver(new Pool(numbers), 0, 0);
      numbers[receiver == Balancer.KEEP ? acceptor : receiver]++;
    }
    assertThat(Arrays.stream(numbers)).allMatch(connections -> connections <= 24);
  }

  @Test
  void shedsTheSurplusOverTheShedTimeAfterTwoTicks() {
    var shedding = new Shedding(SETTINGS, new Balancer(SETTINGS, 0), 0);
    var pool = new Pool(100, 0); // mean 50, so 50 of surplus in 50 ticks
    assertThat(shedding.tick(pool, 0, 0, 0, TICK, 0)).isZero();
    assertThat(shedding.tick(pool, 0, 0, 0, TICK, 0)).isEqualTo(1);
    assertThat(shedding.tick(pool, 0, 1, 0, TICK, 0)).isBetween(0, 1);
    assertThat(shedding.tick(new Pool(51, 49), 7, 0, 0, TICK, 0)).isZero();
  }

  @Test
  void collectsFractionsAndNeverMoreThanTheSurplus() {
    var shedding = new Shedding(SETTINGS, new Balancer(SETTINGS, 0), 0);
    int left = 0;
    for (int tick = 0; tick < 1000; tick++) {
      left = shedding.tick(new Pool(8, 0), left, 0, 0, TICK, 0);
      assertThat(left).isLessThanOrEqualTo(4);
    }
    assertThat(left).isEqualTo(4);
  }

  @Test
  void shedsWhatHandOverWouldNotHaveLeftWithIt() {
    var shedding = new Shedding(SETTINGS, new Balancer(SETTINGS, 0), 0);
    int told = 0;
    for (int tick = 0; tick < 100; tick++) {
      told = Math.max(told, shedding.tick(new Pool(3, 2, 2, 1), told, 0, 0, TICK, 0));
    }
    assertThat(told).isEqualTo(1);
    for (int tick = 0; tick < 100; tick++) {
      assertThat(shedding.tick(new Pool(3, 2, 2, 2), 0, 0, 0, TICK, 0)).isZero();
    }
  }

  @Test
  void ofEqualSiblingsANewerGenerationComesFirst() {
    var balancer = new Balancer(SETTINGS, 0);
    assertThat(balancer.receiver(new Pool(1, 0, 0, 0).newerFrom(2), 0, 0)).isEqualTo(2);
    assertThat(balancer.receiver(new Pool(2, 0, 1).newerFrom(2), 0, 0)).isEqualTo(1);
  }

  @Test
  void aNewerGenerationThatHasNoneGetsOneOfFew() {
    assertThat(mostTold(new Pool(1, 1, 1, 0).newerFrom(3))).isEqualTo(1);
    assertThat(mostTold(new Pool(1, 1, 1, 0))).isZero();
    assertThat(mostTold(new Pool(1, 1, 1, 1, 0).newerFrom(3))).isZero();
  }

  @Test
  void aSingleConnectionStaysWhereItIs() {
    assertThat(mostTold(new Pool(1, 0, 0).newerFrom(2))).isZero();
  }

  /** By the first worker, in as many ticks as ten shed-times have. */
  private static int mostTold(Pool pool) {
    var shedding = new Shedding(SETTINGS, new Balancer(SETTINGS, 0), 0);
    int told = 0;
    for (int tick = 0; tick < 500; tick++) {
      told = Math.max(told, shedding.tick(pool, told, 0, 0, TICK, 0));
    }
    return told;
  }

  @Test
  void aShareOfRequestsAboveTheEvenOneIsHeat() {
    var shares = new RequestShares(3);
    long[] served = new long[3];
    for (int sample = 0; sample < 100; sample++) {
      served[0] += 200;
      served[1] += 50;
      served[2] += 50;
      shares.sample(3, record -> true, record -> served[record]);
    }
    assertThat(shares.heat(0)).isEqualTo(3);
    assertThat(shares.heat(1)).isEqualTo(-1);
    for (int sample = 0; sample < 100; sample++) {
      shares.sample(3, record -> true, record -> served[record]);
    }
    assertThat(shares.heat(0)).isZero();
  }

  @Test
  void doesNotShedForConnectionsThatHaveBeenTold() {
    var shedding = new Shedding(SETTINGS, new Balancer(SETTINGS, 0), 0);
    for (int tick = 0; tick < 10; tick++) {
      assertThat(shedding.tick(new Pool(20, 10), 0, 10, 0, TICK, 0)).isZero();
    }
  }

  @Test
  void closesAreForgottenAfterTwoHundredMillis() {
    var closes = new RecentCloses();
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      closes.add(start + TimeUnit.MILLISECONDS.toNanos(10L * i));
    }
    long last = start + TimeUnit.MILLISECONDS.toNanos(90);
    assertThat(closes.count(last)).isEqualTo(10);
    assertThat(closes.count(last + TimeUnit.MILLISECONDS.toNanos(140))).isBetween(1, 9);
    assertThat(closes.count(last + TimeUnit.MILLISECONDS.toNanos(201))).isZero();
    assertThat(closes.count(last + TimeUnit.HOURS.toNanos(1))).isZero();
  }
}
