// The signatures of OkHttp 4 that a generated Kotlin client calls, without bodies. OkHttp itself is in Maven's repository,
// which is not always within reach; with these the client is compiled, not run.
@file:Suppress("UNUSED_PARAMETER", "unused")

package okhttp3

import java.io.File
import java.io.InputStream

class MediaType { companion object { fun String.toMediaTypeOrNull(): MediaType? = TODO() } }

abstract class RequestBody {
    companion object {
        fun ByteArray.toRequestBody(contentType: MediaType? = null, offset: Int = 0, byteCount: Int = size): RequestBody = TODO()
        fun String.toRequestBody(contentType: MediaType? = null): RequestBody = TODO()
        fun File.asRequestBody(contentType: MediaType? = null): RequestBody = TODO()
    }
}

class FormBody : RequestBody() {
    class Builder {
        fun add(name: String, value: String): Builder = TODO()
        fun build(): FormBody = TODO()
    }
}

class MultipartBody : RequestBody() {
    class Builder {
        fun setType(type: MediaType): Builder = TODO()
        fun addPart(headers: Headers?, body: RequestBody): Builder = TODO()
        fun build(): MultipartBody = TODO()
    }
    companion object { val FORM: MediaType get() = TODO() }
}

class Headers {
    class Builder {
        fun add(name: String, value: String): Builder = TODO()
        fun build(): Headers = TODO()
    }
    fun toMultimap(): Map<String, List<String>> = TODO()
    companion object { fun Map<String, String>.toHeaders(): Headers = TODO() }
}

class HttpUrl {
    val encodedPathSegments: List<String> get() = TODO()
    fun newBuilder(): Builder = TODO()
    class Builder {
        fun scheme(scheme: String): Builder = TODO()
        fun host(host: String): Builder = TODO()
        fun addPathSegment(pathSegment: String): Builder = TODO()
        fun addEncodedPathSegments(encodedPathSegments: String): Builder = TODO()
        fun addQueryParameter(name: String, value: String?): Builder = TODO()
        fun build(): HttpUrl = TODO()
    }
    companion object { fun String.toHttpUrlOrNull(): HttpUrl? = TODO() }
}

class Request {
    class Builder {
        fun url(url: HttpUrl): Builder = TODO()
        fun head(): Builder = TODO()
        fun delete(body: RequestBody? = null): Builder = TODO()
        fun patch(body: RequestBody): Builder = TODO()
        fun put(body: RequestBody): Builder = TODO()
        fun post(body: RequestBody): Builder = TODO()
        fun method(method: String, body: RequestBody?): Builder = TODO()
        fun headers(headers: Headers): Builder = TODO()
        fun build(): Request = TODO()
    }
}

class ResponseBody {
    fun string(): String = TODO()
    fun bytes(): ByteArray = TODO()
    fun byteStream(): InputStream = TODO()
}

class Response : java.io.Closeable {
    val code: Int get() = TODO()
    val message: String get() = TODO()
    val headers: Headers get() = TODO()
    val body: ResponseBody? get() = TODO()
    val isSuccessful: Boolean get() = TODO()
    val isRedirect: Boolean get() = TODO()
    fun header(name: String): String? = TODO()
    override fun close(): Unit = TODO()
}

interface Callback

interface Call {
    fun execute(): Response
    fun interface Factory { fun newCall(request: Request): Call }
}

open class OkHttpClient : Call.Factory {
    override fun newCall(request: Request): Call = TODO()
    class Builder { fun build(): OkHttpClient = TODO() }
}
