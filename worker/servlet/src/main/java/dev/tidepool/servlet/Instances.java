package dev.tidepool.servlet;

import io.undertow.servlet.api.ClassIntrospecter;
import io.undertow.servlet.api.InstanceFactory;
import io.undertow.servlet.api.InstanceHandle;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes servlets, filters, listeners and endpoints: environment entries injected, {@code
 * PostConstruct} and {@code PreDestroy} called.
 */
final class Instances implements ClassIntrospecter {
  private static final Logger log = LoggerFactory.getLogger(Instances.class);

  private final Environment environment;

  Instances(Environment environment) {
    this.environment = environment;
  }

  @Override
  public <T> InstanceFactory<T> createInstanceFactory(Class<T> type) throws NoSuchMethodException {
    Constructor<T> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    checkResources(type);
    return () -> {
      try {
        T instance = constructor.newInstance();
        prepare(instance);
        return handle(instance);
      } catch (InvocationTargetException e) {
        throw failed(type, e.getCause());
      } catch (ReflectiveOperationException e) {
        throw failed(type, e);
      }
    };
  }

  private static InstantiationException failed(Class<?> type, @Nullable Throwable cause) {
    var failure = new InstantiationException(type.getName() + ": " + cause);
    failure.initCause(cause);
    return failure;
  }

  private <T> InstanceHandle<T> handle(T instance) {
    return new InstanceHandle<>() {
      @Override
      public T getInstance() {
        return instance;
      }

      @Override
      public void release() {
        try {
          call(instance, PreDestroy.class);
        } catch (ReflectiveOperationException e) {
          log.error("{} could not be released", instance.getClass().getName(), e);
        }
      }
    };
  }

  /** Better now than a null at some request. */
  private void checkResources(Class<?> component) {
    for (Class<?> type : hierarchy(component)) {
      for (Field field : type.getDeclaredFields()) {
        checkResource(field, field.getName(), field.getType());
      }
      for (Method method : type.getDeclaredMethods()) {
        if (isSetter(method)) {
          checkResource(method, property(method), method.getParameterTypes()[0]);
        }
      }
    }
  }

  private <M extends AnnotatedElement & Member> void checkResource(
      M at, String member, Class<?> wanted) {
    Resource resource = at.getAnnotation(Resource.class);
    if (resource != null
        && !Environment.mayBe(wanted)
        && value(at, at.getDeclaringClass(), member) == null) {
      throw new IllegalStateException(
          "@Resource %s.%s: there are no resources of type %s, only env-entry values"
              .formatted(at.getDeclaringClass().getName(), member, wanted.getName()));
    }
  }

  /** Injects and calls {@code PostConstruct}. */
  void prepare(Object instance) throws ReflectiveOperationException {
    for (Class<?> type : hierarchy(instance.getClass())) {
      for (Field field : type.getDeclaredFields()) {
        Object value = value(field, type, field.getName());
        if (value != null) {
          field.setAccessible(true);
          field.set(instance, value);
        }
      }
      for (Method method : type.getDeclaredMethods()) {
        Object value = isSetter(method) ? value(method, type, property(method)) : null;
        if (value != null) {
          method.setAccessible(true);
          method.invoke(instance, value);
        }
      }
    }
    call(instance, PostConstruct.class);
  }

  static boolean isSetter(Method method) {
    return method.getName().length() > 3
        && method.getName().startsWith("set")
        && method.getParameterCount() == 1;
  }

  static String property(Method setter) {
    String name = setter.getName().substring("set".length());
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /** What web.xml says counts before the annotation. */
  private @Nullable Object value(AnnotatedElement at, Class<?> type, String member) {
    Object injected = environment.injected(type, member);
    Resource resource = at.getAnnotation(Resource.class);
    if (injected != null || resource == null) {
      return injected;
    }
    String name = resource.lookup().isEmpty() ? resource.name() : resource.lookup();
    return environment.value(name.isEmpty() ? type.getName() + "/" + member : name);
  }

  /** From the topmost class on; what a subclass overrides only once. */
  static void call(Object instance, Class<? extends Annotation> annotation)
      throws ReflectiveOperationException {
    Set<String> called = new HashSet<>();
    for (Class<?> type : hierarchy(instance.getClass())) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(annotation)
            && method.getParameterCount() == 0
            && called.add(method.getName())) {
          method.setAccessible(true);
          method.invoke(instance);
        }
      }
    }
  }

  private static Deque<Class<?>> hierarchy(Class<?> of) {
    Deque<Class<?>> hierarchy = new ArrayDeque<>();
    for (Class<?> type = of; type != Object.class; type = type.getSuperclass()) {
      hierarchy.addFirst(type);
    }
    return hierarchy;
  }
}
