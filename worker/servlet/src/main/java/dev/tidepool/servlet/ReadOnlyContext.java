package dev.tidepool.servlet;

import java.util.Hashtable;
import javax.naming.Binding;
import javax.naming.CompositeName;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NameClassPair;
import javax.naming.NameParser;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;

/** That which the containers' contexts of JNDI have in common: an app cannot change them. */
@SuppressWarnings("BanJNDI") // it is one, and asks no other
abstract class ReadOnlyContext implements Context {

  private static OperationNotSupportedException readOnly() {
    return new OperationNotSupportedException("java: is read-only; web.xml declares what is there");
  }

  @Override
  public Object lookup(Name name) throws NamingException {
    return lookup(name.toString());
  }

  @Override
  public Object lookupLink(Name name) throws NamingException {
    return lookup(name);
  }

  @Override
  public Object lookupLink(String name) throws NamingException {
    return lookup(name);
  }

  @Override
  public NamingEnumeration<NameClassPair> list(Name name) throws NamingException {
    return list(name.toString());
  }

  @Override
  public NamingEnumeration<Binding> listBindings(Name name) throws NamingException {
    return listBindings(name.toString());
  }

  @Override
  public NameParser getNameParser(Name name) {
    return CompositeName::new;
  }

  @Override
  public NameParser getNameParser(String name) {
    return CompositeName::new;
  }

  @Override
  public Name composeName(Name name, Name prefix) throws NamingException {
    return ((Name) prefix.clone()).addAll(name);
  }

  @Override
  public String composeName(String name, String prefix) {
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  @Override
  public Hashtable<?, ?> getEnvironment() {
    return new Hashtable<>();
  }

  @Override
  public void close() {}

  @Override
  public void bind(Name name, Object value) throws NamingException {
    throw readOnly();
  }

  @Override
  public void bind(String name, Object value) throws NamingException {
    throw readOnly();
  }

  @Override
  public void rebind(Name name, Object value) throws NamingException {
    throw readOnly();
  }

  @Override
  public void rebind(String name, Object value) throws NamingException {
    throw readOnly();
  }

  @Override
  public void unbind(Name name) throws NamingException {
    throw readOnly();
  }

  @Override
  public void unbind(String name) throws NamingException {
    throw readOnly();
  }

  @Override
  public void rename(Name from, Name to) throws NamingException {
    throw readOnly();
  }

  @Override
  public void rename(String from, String to) throws NamingException {
    throw readOnly();
  }

  @Override
  public void destroySubcontext(Name name) throws NamingException {
    throw readOnly();
  }

  @Override
  public void destroySubcontext(String name) throws NamingException {
    throw readOnly();
  }

  @Override
  public Context createSubcontext(Name name) throws NamingException {
    throw readOnly();
  }

  @Override
  public Context createSubcontext(String name) throws NamingException {
    throw readOnly();
  }

  @Override
  public Object addToEnvironment(String name, Object value) throws NamingException {
    throw readOnly();
  }

  @Override
  public Object removeFromEnvironment(String name) throws NamingException {
    throw readOnly();
  }
}
