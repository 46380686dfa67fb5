/// Templates: what workspaces are made from, their versions, parameters and read-me files. Owns the
/// tables `templates` and `template_versions`. Must not know of workspaces or engines beyond their
/// names. No threads, no locks: the database decides.
@NullMarked
package dev.warren.server.template;

import org.jspecify.annotations.NullMarked;
