package dev.warren.server.tool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// More about one field of a tool's input, for the model and for the check of its calls.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Field {
  /// A few words for the schema; none when the name says it.
  String value() default "";

  /// The least number, or the least length of a string or list.
  long min() default Long.MIN_VALUE;

  /// The greatest number, or the greatest length of a string or list.
  long max() default Long.MAX_VALUE;
}
