// What the samples of the guide call of Android.
@file:Suppress("UNUSED_PARAMETER", "unused")

package android.content

class Intent {
    fun getStringExtra(name: String): String? = TODO()
}
