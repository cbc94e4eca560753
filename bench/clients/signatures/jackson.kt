// What a generated Kotlin client calls of Jackson's module for Kotlin; the rest of Jackson is in the generator itself.
package com.fasterxml.jackson.module.kotlin

import com.fasterxml.jackson.databind.ObjectMapper

fun jacksonObjectMapper(): ObjectMapper = TODO()
