package dev.tidepool.worker;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * Makes channels of descriptors and back, through constructors of the JDK that are the same from 17
 * to 25. Needs {@code java.base/sun.nio.ch} and {@code java.base/java.io} opened to us.
 *
 * <p>All sockets are claimed to be INET, Unix ones too: XNIO asks every channel for its {@code
 * socket()}, which one of family UNIX refuses. The addresses of such a channel are meaningless.
 */
final class Descriptors {
  private static final Constructor<?> DESCRIPTOR;
  private static final Constructor<?> SERVER;
  private static final Constructor<?> CONNECTION;
  private static final Method NUMBER;
  private static final Field EPOLL;

  static {
    try {
      DESCRIPTOR = FileDescriptor.class.getDeclaredConstructor(int.class);
      SERVER =
          Class.forName("sun.nio.ch.ServerSocketChannelImpl")
              .getDeclaredConstructor(
                  SelectorProvider.class,
                  ProtocolFamily.class,
                  FileDescriptor.class,
                  boolean.class);
      CONNECTION =
          Class.forName("sun.nio.ch.SocketChannelImpl")
              .getDeclaredConstructor(
                  SelectorProvider.class,
                  ProtocolFamily.class,
                  FileDescriptor.class,
                  SocketAddress.class);
      NUMBER = Class.forName("sun.nio.ch.SelChImpl").getDeclaredMethod("getFDVal");
      EPOLL = Class.forName("sun.nio.ch.EPollSelectorImpl").getDeclaredField("epfd");
      DESCRIPTOR.setAccessible(true);
      SERVER.setAccessible(true);
      CONNECTION.setAccessible(true);
      NUMBER.setAccessible(true);
      EPOLL.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this JDK has other socket channels than 17 to 25", e);
    }
  }

  private Descriptors() {}

  /** A channel that accepts on {@code fd} and owns it; closing it never shuts the socket down. */
  static ServerSocketChannel listening(int fd) throws IOException {
    return server(fd, true);
  }

  /** Anything readable, to be watched by a selector; owns {@code fd}. Never accept on it. */
  static ServerSocketChannel readable(int fd) throws IOException {
    return server(fd, false);
  }

  private static ServerSocketChannel server(int fd, boolean bound) throws IOException {
    var channel =
        (ServerSocketChannel)
            make(SERVER, SelectorProvider.provider(), StandardProtocolFamily.INET, of(fd), bound);
    channel.configureBlocking(false);
    return channel;
  }

  /** A connected channel that owns {@code fd}. */
  static SocketChannel connected(int fd, InetSocketAddress peer) throws IOException {
    return (SocketChannel)
        make(CONNECTION, SelectorProvider.provider(), StandardProtocolFamily.INET, of(fd), peer);
  }

  static FileDescriptor of(int fd) throws IOException {
    return (FileDescriptor) make(DESCRIPTOR, fd);
  }

  /** The number of the descriptor below a socket channel. */
  static int number(Channel channel) {
    try {
      return (int) NUMBER.invoke(channel);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("descriptor of " + channel, e);
    }
  }

  /** The descriptor of a selector's epoll instance. */
  static int epoll(Selector selector) {
    try {
      return EPOLL.getInt(selector);
    } catch (IllegalAccessException e) {
      throw new LinkageError("epoll descriptor of " + selector, e);
    }
  }

  private static Object make(Constructor<?> constructor, Object... arguments) throws IOException {
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new LinkageError(constructor.toString(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(constructor.toString(), e);
    }
  }
}
