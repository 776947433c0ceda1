package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import javax.management.BadAttributeValueExpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttributeCodecsTest {
  private final ClassLoader loader = getClass().getClassLoader();
  private final AllowList allowed = new AllowList(List.of("dev.tidepool.session.*"));
  private final AttributeCodecs codecs = AttributeCodecs.standard(loader, allowed);

  record Item(String name, int count) implements Serializable {}

  static final class Cart implements Serializable {
    private static final long serialVersionUID = 1;
    final List<Item> items = new ArrayList<>();
    final Map<String, Object> notes = new HashMap<>();
    Instant made = Instant.EPOCH;
  }

  /** Can be written by neither. */
  static final class Handle {
    final Thread thread = Thread.currentThread();
  }

  static List<Object> values() {
    return List.of(
        "text äöü 😀",
        "",
        1,
        Long.MIN_VALUE,
        true,
        1.5,
        2.5f,
        (short) 7,
        (byte) -1,
        'ß',
        new UUID(1, 2),
        Instant.ofEpochSecond(-5, 7),
        Duration.ofNanos(-3),
        new BigDecimal("-12.3400"),
        BigInteger.ONE.shiftLeft(100).negate(),
        LocalDate.of(2026, 2, 28),
        LocalTime.of(1, 2, 3, 4),
        LocalDateTime.of(2026, 1, 2, 3, 4),
        OffsetDateTime.parse("2026-01-02T03:04:05+06:00"),
        ZonedDateTime.parse("2026-01-02T03:04:05+01:00[Europe/Berlin]"),
        Locale.forLanguageTag("de-AT"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void keepsValuesOfTheJdk(Object value) throws Exception {
    EncodedAttribute encoded = codecs.encode("a", value);

    assertThat(encoded.tag()).isEqualTo(JdkValueCodec.TAG);
    assertThat(encoded.immutable()).isTrue();
    assertThat(codecs.decode(encoded)).isEqualTo(value);
  }

  @Test
  void keepsBytesWhichMayChangeInPlace() throws Exception {
    EncodedAttribute encoded = codecs.encode("a", new byte[] {1, 2});

    assertThat(encoded.immutable()).isFalse();
    assertThat(codecs.decode(encoded)).isEqualTo(new byte[] {1, 2});
  }

  @Test
  void keepsObjectsOfTheApp() throws Exception {
    Cart cart = new Cart();
    cart.items.add(new Item("pen", 3));
    cart.notes.put("list", List.of(1, 2));

    EncodedAttribute encoded = codecs.encode("cart", cart);

    assertThat(encoded.tag()).isEqualTo(ForyCodec.TAG);
    assertThat(codecs.decode(encoded)).usingRecursiveComparison().isEqualTo(cart);
  }

  @Test
  void keepsThemBySerializationToo() throws Exception {
    SessionCodec codec = new SerializationCodec(loader, allowed);
    Cart cart = new Cart();
    cart.items.add(new Item("pen", 3));

    byte[] bytes = Objects.requireNonNull(codec.encode(cart));

    assertThat(codec.decode(bytes)).usingRecursiveComparison().isEqualTo(cart);
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Accept", "text/html");
    byte[] ofHeaders = Objects.requireNonNull(codec.encode(headers));
    assertThat(codec.decode(ofHeaders)).isEqualTo(headers);
  }

  @Test
  void serializationWritesNothingThatItWouldNotRead() {
    Cart cart = new Cart();
    cart.notes.put("deep", new ArrayList<>(List.of(new File("a"))));
    assertThat(new SerializationCodec(loader, allowed).encode(cart)).isNull();
  }

  @Test
  void refusesToWriteWhatIsNotAllowed() {
    assertThatThrownBy(() -> codecs.encode("a", new Handle()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AttributeCodecsTest$Handle")
        .hasMessageContaining("sessions.allowed-classes");
    AttributeCodecs strict = AttributeCodecs.standard(loader, new AllowList(List.of()));
    assertThatThrownBy(() -> strict.encode("a", new Cart()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A gadget chain starts with a class that the app never stores. */
  @Test
  void refusesToReadWhatIsNotAllowed() throws Exception {
    Object gadget = new BadAttributeValueExpException(null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(gadget);
    }
    EncodedAttribute planted =
        new EncodedAttribute(SerializationCodec.TAG, bytes.toByteArray(), false);

    assertThatThrownBy(() -> codecs.decode(planted)).isInstanceOf(UndecodableException.class);

    AttributeCodecs strict = AttributeCodecs.standard(loader, new AllowList(List.of()));
    EncodedAttribute byFory = codecs.encode("a", new Cart());
    assertThat(byFory.tag()).isEqualTo(ForyCodec.TAG);
    assertThatThrownBy(() -> strict.decode(byFory)).isInstanceOf(UndecodableException.class);
  }

  /** Would fetch a URL's address, or call into a handler, while it is still being read. */
  @SuppressWarnings("URLEqualsHashCode") // which is what makes it one
  static List<Object> gadgets() throws Exception {
    URL url = new URL(null, "http://attacker.invalid/", new TrapHandler());
    InvocationHandler handler = (InvocationHandler & Serializable) (proxy, method, args) -> null;
    return List.of(
        new HashMap<>(Map.of(url, "")),
        new ArrayList<>(List.of(new BadAttributeValueExpException(null))),
        Proxy.newProxyInstance(
            AttributeCodecsTest.class.getClassLoader(), new Class<?>[] {Map.class}, handler));
  }

  private static final class TrapHandler extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
      throw new AssertionError("opened " + url);
    }

    @Override
    protected int hashCode(URL url) {
      return 1; // without asking for the address, since the test makes a map of it
    }
  }

  @ParameterizedTest
  @MethodSource("gadgets")
  void refusesAGadgetInsideOfWhatIsAllowed(Object gadget) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(gadget);
    }
    AttributeCodecs strict = AttributeCodecs.standard(loader, new AllowList(List.of("shop.*")));

    assertThatThrownBy(
            () ->
                strict.decode(
                    new EncodedAttribute(SerializationCodec.TAG, bytes.toByteArray(), false)))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("REJECTED");
  }

  @Test
  void refusesDamagedBytes() {
    EncodedAttribute encoded = codecs.encode("a", new Cart());
    for (byte tag : new byte[] {1, 2, 3, 99}) {
      byte[] half = Arrays.copyOf(encoded.bytes(), encoded.bytes().length / 2);
      assertThatThrownBy(() -> codecs.decode(new EncodedAttribute(tag, half, false)))
          .isInstanceOf(UndecodableException.class);
    }
  }

  @Test
  void refusesTwoCodecsWithOneTag() {
    assertThatThrownBy(() -> new AttributeCodecs(List.of(new JdkValueCodec(), new JdkValueCodec())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
