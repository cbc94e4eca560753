// The storage that the samples of the guide leave to the app.
object kept {
    var key = ""
    var secret: String? = null
}
