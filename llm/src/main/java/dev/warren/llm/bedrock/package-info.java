/// AWS Bedrock's Converse, for models that Bedrock serves in no format of their makers.
@NullMarked
package dev.warren.llm.bedrock;

import org.jspecify.annotations.NullMarked;
