/// The audit log: who did what to what. It only grows. Features record; administrators and auditors
/// read. Knows no feature.
@NullMarked
package dev.warren.server.audit;

import org.jspecify.annotations.NullMarked;
