package dev.tidepool.servlet;

import io.undertow.servlet.api.ClassIntrospecter;
import io.undertow.servlet.api.InstanceFactory;
import io.undertow.servlet.api.InstanceHandle;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
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

  private final Map<String, Object> environment;

  /**
   * A maker of instances.
   *
   * @param environment values of {@code env-entry} by name
   */
  Instances(Map<String, Object> environment) {
    this.environment = environment;
  }

  @Override
  public <T> InstanceFactory<T> createInstanceFactory(Class<T> type) throws NoSuchMethodException {
    Constructor<T> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
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

  /** Injects and calls {@code PostConstruct}. */
  void prepare(Object instance) throws ReflectiveOperationException {
    for (Class<?> type : hierarchy(instance)) {
      for (Field field : type.getDeclaredFields()) {
        Resource resource = field.getAnnotation(Resource.class);
        Object value = resource == null ? null : value(resource, type, field.getName());
        if (value != null) {
          field.setAccessible(true);
          field.set(instance, value);
        }
      }
      for (Method method : type.getDeclaredMethods()) {
        Resource resource = method.getAnnotation(Resource.class);
        if (resource != null && method.getName().length() > 3 && method.getParameterCount() == 1) {
          Object value = value(resource, type, property(method));
          if (value != null) {
            method.setAccessible(true);
            method.invoke(instance, value);
          }
        }
      }
    }
    call(instance, PostConstruct.class);
  }

  private static String property(Method setter) {
    String name = setter.getName().substring("set".length());
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private @Nullable Object value(Resource resource, Class<?> type, String member) {
    String name = resource.lookup().isEmpty() ? resource.name() : resource.lookup();
    if (name.isEmpty()) {
      name = type.getName() + "/" + member;
    }
    return environment.get(name.replaceFirst("^java:comp/env/", ""));
  }

  /** From the topmost class on; what a subclass overrides only once. */
  static void call(Object instance, Class<? extends Annotation> annotation)
      throws ReflectiveOperationException {
    Set<String> called = new HashSet<>();
    for (Class<?> type : hierarchy(instance)) {
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

  private static Deque<Class<?>> hierarchy(Object instance) {
    Deque<Class<?>> hierarchy = new ArrayDeque<>();
    for (Class<?> type = instance.getClass(); type != Object.class; type = type.getSuperclass()) {
      hierarchy.addFirst(type);
    }
    return hierarchy;
  }
}
