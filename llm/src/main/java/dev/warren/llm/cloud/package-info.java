/// Models that a cloud serves: where they are and how to sign in there (Azure, AWS, Google).
@NullMarked
package dev.warren.llm.cloud;

import org.jspecify.annotations.NullMarked;
