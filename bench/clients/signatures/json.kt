// What the samples of the guide call of Android's org.json.
@file:Suppress("UNUSED_PARAMETER", "unused")

package org.json

class JSONObject() {
    constructor(text: String) : this()
    constructor(map: Map<*, *>) : this()

    fun getString(name: String): String = TODO()
    fun optString(name: String, default: String): String = TODO()
    fun getJSONArray(name: String): JSONArray = TODO()
    fun isNull(name: String): Boolean = TODO()
    fun put(name: String, value: Any?): JSONObject = TODO()
}

class JSONArray(values: Collection<*>) {
    fun length(): Int = TODO()
    fun getJSONObject(index: Int): JSONObject = TODO()
}
